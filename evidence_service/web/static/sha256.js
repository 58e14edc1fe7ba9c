/* SHA-256 of a file that is larger than memory, in pieces (FIPS 180-4). The browser's own digest takes
   a whole file at once, and only where the page came over TLS. */
class Sha256 {
  static #K = Sha256.#fractions(64, 1 / 3);
  #h = Sha256.#fractions(8, 1 / 2);
  #w = new Int32Array(64);
  #rest = new Uint8Array(64);
  #length = 0;

  /* The first 32 bits behind the point of the roots of the first primes. */
  static #fractions(count, power) {
    const found = new Int32Array(count);
    for (let n = 2, at = 0; at < count; n += 1) {
      let prime = true;
      for (let by = 2; by * by <= n; by += 1) if (n % by === 0) prime = false;
      if (prime) { const root = n ** power; found[at++] = (root - Math.floor(root)) * 4294967296; }
    }
    return found;
  }

  update(bytes) {
    let at = 0;
    const standing = this.#length % 64;
    this.#length += bytes.length;
    if (standing) {
      at = Math.min(64 - standing, bytes.length);
      this.#rest.set(bytes.subarray(0, at), standing);
      if (standing + at < 64) return this;
      this.#block(new DataView(this.#rest.buffer), 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + 64 <= bytes.length; at += 64) this.#block(view, at);
    this.#rest.set(bytes.subarray(at));
    return this;
  }

  hex() {
    const bits = this.#length * 8, zeros = (119 - (this.#length % 64)) % 64;
    const end = new DataView(new ArrayBuffer(1 + zeros + 8));
    end.setUint8(0, 128);
    end.setUint32(1 + zeros, Math.floor(bits / 4294967296));
    end.setUint32(5 + zeros, bits >>> 0);
    this.update(new Uint8Array(end.buffer));
    return Array.from(this.#h, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #block(view, at) {
    const w = this.#w, K = Sha256.#K, H = this.#h;
    for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(at + 4 * t);
    for (let t = 16; t < 64; t += 1) {
      const x = w[t - 15], y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    for (let t = 0; t < 64; t += 1) {
      const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    H[0] = (H[0] + a) | 0; H[1] = (H[1] + b) | 0; H[2] = (H[2] + c) | 0; H[3] = (H[3] + d) | 0;
    H[4] = (H[4] + e) | 0; H[5] = (H[5] + f) | 0; H[6] = (H[6] + g) | 0; H[7] = (H[7] + h) | 0;
  }
}

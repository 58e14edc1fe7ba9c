/* What pages do beyond links and forms. Without it everything works, a little slower. */
(function () {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const recall = (store, key) => { try { return store.getItem(key); } catch { return null; } };
  const keep = (store, key, value) => { try { store.setItem(key, value); } catch { /* a private window */ } };

  const here = document.querySelector(".tabs [aria-current]");
  if (here) here.parentNode.scrollLeft = here.offsetLeft - 48;

  /* A folded place that an address names opens. */
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.tagName === "DETAILS") named.open = true;

  /* Uploads: dropped, pasted or chosen; one request a file, so that one refusal stops no other. */
  const form = document.querySelector("[data-upload]");
  if (form) {
    const input = form.elements.file, lines = form.querySelector("[data-uploads]");
    form.querySelector("[type=submit]").hidden = true;
    const ours = { "X-Requested-With": "fetch", "X-Form-Token": form.dataset.token };
    /* Resolves to the status and what was said; a body shows on the bar as it leaves. */
    function ask(method, url, body, headers, bar) {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = "json";
      request.upload.onprogress = (event) => { bar.max = event.total; bar.value = event.loaded; };
      return new Promise((done) => {
        request.onloadend = () => done({ status: request.status, said: request.response || { message: form.dataset.failed } });
        request.send(body);
      });
    }
    function about(file) {
      const data = new FormData(form);
      data.delete("file");
      if (file.size > form.dataset.most) data.append("file_name", file.name);
      else data.append("file", file, file.name);
      return data;
    }
    /* A file that no form takes: announced with its hash, sent by itself, then checked by a job. */
    async function sendAlone(file, say, bar) {
      const hash = new Sha256(), step = 4 * 1024 * 1024, data = about(file);
      say(form.dataset.reading);
      bar.max = file.size;
      for (let at = 0; at < file.size; at += step) {
        hash.update(new Uint8Array(await file.slice(at, at + step).arrayBuffer()));
        bar.value = at;
      }
      data.append("size_bytes", file.size);
      data.append("sha256", hash.hex());
      const started = await ask("POST", form.dataset.uploads, data, ours, bar);
      if (started.status !== 201) return started;
      say(form.dataset.sending);
      const sent = await ask("PUT", started.said.url, file, started.said.headers, bar);
      return sent.status < 300 && sent.status >= 200 ? ask("POST", started.said.complete, null, ours, bar) : { ...sent, said: { message: form.dataset.failed } };
    }
    async function send(file) {
      const line = lines.appendChild(document.createElement("li"));
      const words = line.appendChild(document.createElement("span"));
      const bar = line.appendChild(document.createElement("progress"));
      const say = (said) => { words.textContent = file.name + (said ? ": " + said : ""); };
      bar.ariaLabel = file.name;
      say("");
      const { status, said } = file.size > form.dataset.most
        ? await sendAlone(file, say, bar).catch(() => ({ status: 0, said: { message: form.dataset.failed } }))
        : await ask("POST", form.action, about(file), ours, bar);
      const taken = status >= 200 && status < 300;
      bar.remove();
      line.className = taken ? "" : "hint-bad";
      say(said.message);
      return taken;
    }
    async function sendAll(files) {
      let refused = 0;
      for (const file of files) refused += (await send(file)) ? 0 : 1;
      if (files.length && !refused) location.assign(location.pathname);
    }
    input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; sendAll(files); });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => { event.preventDefault(); sendAll([...event.dataTransfer.files]); });
    document.addEventListener("paste", (event) => sendAll([...event.clipboardData.files]));
  }

  /* How full a field is that has an end, from half way on. */
  all("[data-count]").forEach((area) => {
    const shown = document.getElementById(area.dataset.count);
    const count = () => { shown.textContent = area.value.length * 2 < area.maxLength ? "" : area.value.length + " / " + area.maxLength; };
    area.addEventListener("input", count);
    count();
  });

  /* What is written beside one item is still there beside the next. */
  all("form[data-draft]").forEach((draft) => {
    const area = draft.elements.comment, key = draft.dataset.draft;
    if (!area.value) area.value = recall(sessionStorage, key) || "";
    area.addEventListener("input", () => keep(sessionStorage, key, area.value));
    draft.addEventListener("submit", () => keep(sessionStorage, key, ""));
  });

  /* The button opens when what was typed is right; the server looks again. */
  all("[data-must-equal]").forEach((typed) => {
    const button = document.getElementById(typed.dataset.frees);
    const look = () => { button.disabled = typed.value.trim() !== typed.dataset.mustEqual; };
    typed.addEventListener("input", look);
    look();
  });

  /* While a job runs the page is looked at again. */
  if (document.querySelector("[data-poll=yes]")) {
    const looking = setInterval(async () => {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-poll]");
      if (!fresh) return;
      if (fresh.dataset.poll === "no") clearInterval(looking);
      /* Where somebody may be writing, the rest of the page stays. */
      if (fresh.dataset.poll === "no" && !("alone" in fresh.dataset)) location.reload();
      else document.querySelector("[data-poll]").replaceWith(fresh);
    }, 2000);
  }

  /* Keys. Single letters do nothing in a field, and can be switched off. */
  const help = document.getElementById("keys"), chosen = document.querySelector("[data-keys]");
  if (chosen) {
    chosen.checked = recall(localStorage, "keys") !== "off";
    chosen.addEventListener("change", () => keep(localStorage, "keys", chosen.checked ? "on" : "off"));
  }
  function move(step) {
    const stops = all("[data-list] a:not(.ex)");
    const current = stops.indexOf(document.activeElement);
    const from = current < 0 ? stops.findIndex((stop) => stop.hasAttribute("aria-current")) : current;
    const next = stops[Math.max(0, Math.min(stops.length - 1, from + step))];
    if (next) { next.focus(); if ("follow" in next.dataset) next.click(); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input,textarea,select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?" && help) { help.showModal(); return; }
    if (!chosen || !chosen.checked || document.querySelector("dialog[open]")) return;
    const own = document.querySelector("[data-key='" + CSS.escape(event.key) + "']");
    const search = document.querySelector("input[type=search]");
    if (own) own.click();
    else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
  });
})();

"""A team's own packs: over the built-in ones, checked alike, named in the version."""

from copy import deepcopy

import pytest
import yaml

from evidence_service.cli import main
from evidence_service.platforms import BadPack, all_packs
from evidence_service.platforms.rules import builtin_paths
from evidence_service.platforms.schema import addition_schema, read_yaml
from evidence_service.platforms.shelf import Shelf, check_folder

SOURCE = {"url": "team:handbook/4.2", "read_on": None, "official": False, "title": "Handbook"}
TEXT = {"zh": "重量", "en": "Weight", "ru": "Вес"}
LINE = {"id": "weight", "level": "required", "verified": False, "sources": ["handbook"]}
ADDITION = {
    "extends": "ozon",
    "version": "house-2",
    "sources": {"handbook": SOURCE},
    "evidence": {"weight": {"accepts": ["weight_record"], "title": TEXT, "why": TEXT}},
    "reasons": [{"code": "malicious_claim", "requirements": [LINE]}],
}
OZON = read_yaml(next(path for path in builtin_paths() if path.stem == "ozon"))


@pytest.fixture
def lay(tmp_path):
    """A folder with these files."""

    def make(**files):
        for name, raw in files.items():
            text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False)
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path

    return make


def asked(pack):
    return [one.id for one in pack.reason("malicious_claim").requirements]


def addition(**over):
    return deepcopy(ADDITION) | over


class TestShelf:
    def test_holds_the_built_in_packs_where_there_is_no_folder(self):
        assert Shelf.load().all() == all_packs()

    def test_a_team_s_pack_takes_the_built_in_one_s_place(self, lay):
        own = {**OZON, "version": "ours"}

        shelf = Shelf.load(lay(ozon=own))

        assert shelf.get("ozon").version == "ours"
        assert len(shelf.all()) == len(all_packs())

    def test_a_team_s_new_platform_stands_beside_them(self, lay):
        shelf = Shelf.load(lay(corner_shop={**OZON, "id": "corner_shop"}))

        assert shelf.get("corner_shop").reasons == shelf.get("ozon").reasons

    def test_an_addition_stands_behind_the_pack_s_own_lines_in_every_store(self, lay):
        shelf = Shelf.load(lay(house=addition()))

        pack = shelf.for_store("ozon", "id", "Nordlicht")
        assert pack is shelf.get("ozon")
        assert asked(pack) == [*asked(Shelf.load().get("ozon")), "weight"]
        assert pack.version == f"{OZON['version']}+house-2"
        [source] = pack.reason("malicious_claim").requirements[-1].sources
        assert (source.url, source.verified) == ("team:handbook/4.2", False)

    @pytest.mark.parametrize("named", ["Nordlicht", "0198-id"])
    def test_a_store_s_addition_is_its_own(self, lay, named):
        shelf = Shelf.load(lay(house=addition(store=named)))

        assert "weight" in asked(shelf.for_store("ozon", "0198-id", "Nordlicht"))
        assert "weight" not in asked(shelf.for_store("ozon", "other", "Other"))
        assert "weight" not in asked(shelf.get("ozon"))

    def test_additions_add_up_by_the_names_of_their_files(self, lay):
        other = addition(version="b-1", evidence={"photo": ADDITION["evidence"]["weight"]})
        other["sources"] = {"rulebook": SOURCE}
        other["reasons"] = [
            {
                "code": "malicious_claim",
                "requirements": [{**LINE, "id": "photo", "sources": ["rulebook"]}],
            }
        ]

        pack = Shelf.load(lay(b=other, a=addition())).get("ozon")

        assert pack.version == f"{OZON['version']}+house-2+b-1"
        assert asked(pack)[-2:] == ["weight", "photo"]

    def test_two_that_clash_are_found_at_the_start(self, lay):
        with pytest.raises(BadPack, match="weight"):
            Shelf.load(lay(a=addition(), b=addition(store="Nordlicht")))


class TestCheck:
    @pytest.mark.parametrize(
        ("over", "said"),
        [
            ({"extends": "nowhere"}, "there is no pack 'nowhere'"),
            ({"reasons": [{"code": "nothing", "requirements": [LINE]}]}, "no reason 'nothing'"),
            ({"reasons": [{"code": "malicious_claim"}]}, "reasons"),
            ({"evidence": {}}, "has no accepts, title, why"),
            ({"evidence": {"weight": {"accepts": ["nothing"]}}}, "unknown kind 'nothing'"),
            ({"sources": {}}, "sources"),
            ({"details": {"x": {"title": {"en": "x"}}}}, "no translation: zh, ru"),
            (
                {"evidence": {"order_screenshot": ADDITION["evidence"]["weight"]}},
                "has an entry of this name",
            ),
            (
                {
                    "reasons": [
                        {"code": "malicious_claim", "requirements": [{**LINE, "verified": True}]}
                    ]
                },
                "none of its sources is official",
            ),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_an_addition_is_checked_like_a_pack(self, lay, over, said):
        problems = check_folder(lay(house=addition(**over)))

        assert any("house.yaml" in line and said in line for line in problems), problems

    def test_a_folder_that_is_not_there(self, tmp_path):
        assert "no such folder" in check_folder(tmp_path / "x")[0]

    def test_the_command_checks_the_team_s_folder_too(self, lay, monkeypatch, capsys):
        monkeypatch.setenv("EVIDENCE_PACKS_DIR", str(lay(house=addition(extends="nowhere"))))

        assert main(["rules", "check"]) == 1
        assert "there is no pack 'nowhere'" in capsys.readouterr().err

        assert main(["rules", "list"]) == 1
        assert "there is no pack 'nowhere'" in capsys.readouterr().err

    def test_the_list_shows_the_team_s_packs(self, lay, monkeypatch, capsys):
        monkeypatch.setenv("EVIDENCE_PACKS_DIR", str(lay(house=addition())))

        assert main(["rules", "list"]) == 0
        assert f"{OZON['version']}+house-2" in capsys.readouterr().out

    def test_the_schema_beside_the_packs_is_the_one_in_use(self):
        path = builtin_paths()[0].with_name("addition.schema.json")

        assert read_yaml(path) == addition_schema()

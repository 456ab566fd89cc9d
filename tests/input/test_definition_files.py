"""Which files are definitions, and what is said of those that can't be read as such."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from plg.definitions.checks import DEFINITIONS, check_definitions
from tests.harness import PROJECT
from tests.input.files import SEEDS, check_says, edit


def test_shipped_definitions_are_sound() -> None:
    assert check_definitions(SEEDS) == ([], [])


@pytest.mark.parametrize("name", DEFINITIONS)
def test_missing_file_is_named(definitions: Path, name: str) -> None:
    (definitions / f"{name}.csv").unlink()
    check_says(definitions, name, "missing", "copy it from")


@pytest.mark.parametrize("name", DEFINITIONS)
def test_file_with_its_header_only_is_valid(definitions: Path, name: str) -> None:
    path = definitions / f"{name}.csv"
    path.write_text(path.read_text().splitlines()[0])
    problems, warnings = check_definitions(definitions)
    assert problems == []
    # A metric that nobody explains is a warning.
    assert [str(path) in warning for warning in warnings] == [True] * (name == "metric_registry")


@pytest.mark.parametrize("name", DEFINITIONS)
def test_missing_column_is_named(definitions: Path, name: str) -> None:
    needed = DEFINITIONS[name].columns
    (definitions / f"{name}.csv").write_text(",".join(needed[:-1]) + "\n")
    check_says(definitions, name, f"column {needed[-1]} is missing", "row 1", ",".join(needed))


def test_columns_that_may_be_absent_have_a_default(definitions: Path) -> None:
    assert DEFINITIONS["milestones"].optional_columns == ("min_days", "within_days")
    path = definitions / "milestones.csv"
    for removed in (",within_days", ",min_days"):
        assert removed in path.read_text()
        lines = path.read_text().replace(removed, "").splitlines()
        path.write_text("\n".join([lines[0], *(line.removesuffix(",") for line in lines[1:])]))
        assert check_definitions(definitions) == ([], [])
    assert path.read_text().splitlines()[0].endswith(",min_count")


@pytest.mark.parametrize("name", ["Min_Days", "min days", "min_days ", "MINDAYS"])
def test_an_optional_column_in_other_letters_is_named(definitions: Path, name: str) -> None:
    """It would be a column more, which is ignored."""
    edit(definitions, "milestones", "min_days", name)
    check_says(definitions, "milestones", f"row 1, column {name!r}", "write min_days")


def test_a_missing_folder_is_one_sentence(definitions: Path) -> None:
    (sentence,) = check_definitions(definitions / "nowhere")[0]
    assert f"PLG_DEFINITIONS_DIR {definitions / 'nowhere'}: there is no such folder" in sentence


def test_folder_that_can_not_be_opened_is_named(
    definitions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    problems, _ = check_definitions(definitions)
    assert (
        f"{definitions / 'milestones.csv'}: it can't be opened (Permission denied)" in problems[0]
    )


@pytest.mark.parametrize("place", ["more.csv", "old/milestones.csv", "Milestones.CSV", "._x.csv"])
def test_further_csv_is_named(definitions: Path, place: str) -> None:
    path = definitions / place
    path.parent.mkdir(exist_ok=True)
    (definitions / "notes.txt").write_text("no table")
    path.write_text("a\n1\n")
    problems, _ = check_definitions(definitions)
    assert len(problems) == 1, problems
    for word in (f"{path}: ", f"none of the {len(DEFINITIONS)}", "move it out"):
        assert word in problems[0]


def test_further_csvs_leave_the_other_problems_in_sight(definitions: Path) -> None:
    for number in range(12):
        (definitions / f"{number}.csv").touch()
    problems, _ = check_definitions(definitions)
    assert len(problems) == 11
    assert problems[10] == f"{definitions}: 2 more such files."


SHIPPED = (SEEDS / "milestones.csv").read_text()
HEADER = SHIPPED.splitlines()[0]
NEEDED = ",".join(DEFINITIONS["milestones"].columns)

RIGHT_FILES = {
    "byte order mark": "\ufeff" + SHIPPED,
    "CRLF": SHIPPED.replace("\n", "\r\n"),
    "no line end at the end": SHIPPED.rstrip(),
    "blank lines": SHIPPED.replace("\n", "\n\n"),
    "all quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in SHIPPED.splitlines()
    ),
    "columns reordered": "".join(
        ",".join(reversed(line.split(","))) + "\n" for line in SHIPPED.splitlines()
    ),
    "a column more": SHIPPED.replace(HEADER, f"{HEADER},note").replace(",1,,\n", ",1,,,50%\n"),
    "a blank column more": SHIPPED.replace("\n", ",\n"),
    "booleans in capitals": SHIPPED.replace("true", "TRUE").replace("false", "False"),
    "an event named TRUE": SHIPPED.replace("invite_sent", "TRUE"),
    "quotes, a comma, a line end": SHIPPED.replace("User creates", '"A ""new"",\none').replace(
        "first document", 'new document"'
    ),
    "numbers without a digit before the point": SHIPPED.replace("0.", "."),
}


@pytest.mark.parametrize("text", RIGHT_FILES.values(), ids=RIGHT_FILES)
def test_every_way_to_write_a_csv_is_read(definitions: Path, text: str) -> None:
    assert text != SHIPPED
    (definitions / "milestones.csv").write_bytes(text.encode())
    assert check_definitions(definitions) == ([], [])


WRONG_FILES = {
    "nothing": (b"", ("column milestone_id, ", "missing", "row 1", NEEDED)),
    "first line blank": (b"\n" + SHIPPED.encode(), ("missing", "row 1", NEEDED)),
    "semicolons": (SHIPPED.replace(",", ";").encode(), ("missing", "separated by commas")),
    "header in capitals": (SHIPPED.replace("weight", "Weight").encode(), ("weight is missing",)),
    "column twice": (
        SHIPPED.replace("\n", ",1\n").replace("within_days,1", "within_days,Weight").encode(),
        ("row 1", "column weight", "more than once", "keep one"),
    ),
    "comma in a cell": (
        SHIPPED.replace("User sends", "User, then").encode(),
        ("row 2: it has 13 cells, the header 12", "between double quotes"),
    ),
    "line of spaces": (SHIPPED.encode() + b"  \n", ("row 6: it has 1 cells, the header 12",)),
    "blank row": (SHIPPED.encode() + b",,,,,,,,,,,\n", ("row 6: it is blank; delete it",)),
    "open quote": (SHIPPED.replace("User", '"User').encode(), ("double quote",)),
    "Latin-1": (SHIPPED.replace("User", "Café").encode("latin-1"), ("CSV UTF-8",)),
    "UTF-16": (SHIPPED.encode("utf-16"), ("CSV UTF-8",)),
}


@pytest.mark.parametrize(("data", "words"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_file_that_is_no_table_is_named(
    definitions: Path, data: bytes, words: tuple[str, ...]
) -> None:
    (definitions / "milestones.csv").write_bytes(data)
    problems, _ = check_definitions(definitions)
    assert problems[0].startswith(f"{definitions / 'milestones.csv'}: ")
    for word in words:
        assert word in problems[0]


def test_folder_named_like_a_file_is_a_missing_file(definitions: Path) -> None:
    (definitions / "milestones.csv").unlink()
    (definitions / "milestones.csv").mkdir()
    check_says(definitions, "milestones", "missing", "copy it from")


def test_many_problems_of_one_file_leave_those_of_others_in_sight(definitions: Path) -> None:
    path = definitions / "excluded_users.csv"
    path.write_text("user_id,reason\n" + "u1,a,b\n" * 30_000)
    edit(definitions, "pql_bands", "inactive,0", "inactive,1")
    problems, _ = check_definitions(definitions)
    assert len(problems) == 12
    assert problems[10] == f"{path}: 29990 more problems; fix these first."
    assert "pql_bands.csv" in problems[11]


def test_definitions_are_those_of_the_project() -> None:
    """Each seed's yml says the same columns as the class that checks its rows."""
    described = {}
    for path in (PROJECT / "models" / "definitions").glob("*.yml"):
        for seed in yaml.safe_load(path.read_text())["seeds"]:
            described[seed["name"]] = seed
    assert set(described) == set(DEFINITIONS) == {path.stem for path in SEEDS.glob("*.csv")}
    for name, definition in DEFINITIONS.items():
        config, all_columns = described[name]["config"], list(definition.row.model_fields)
        assert tuple(config["column_types"]) == definition.columns
        optional = config.get("meta", {}).get("optional_column_types", {})
        assert tuple(optional) == definition.optional_columns
        assert [column["name"] for column in described[name]["columns"]] == all_columns

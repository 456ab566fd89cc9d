"""The simulator: same arguments same bytes, wrong arguments refused, dirt where it says."""

import csv
import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from simulator import events, law
from simulator.generate import command, generate
from simulator.law import EVENT_DIRT, USER_DIRT
from simulator.truth import PlantedTruth, first_value_quantile

PROJECT = Path(__file__).parents[2]
# What the law says; test_identities.py looks at the ids.
SMALL = {"users": 1_500, "days": 90, "seed": 3, "identities": False}
TABLES = ("users", "events", "exposures", "accounts", "subscriptions")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlantedTruth]:
    """A small sample, written once: its folder and its truth."""
    folder = tmp_path_factory.mktemp("small")
    return folder, generate(folder, **SMALL)


@pytest.fixture
def raw(small: tuple[Path, PlantedTruth]) -> duckdb.DuckDBPyConnection:
    """A connection in which the tables are the small sample's raw files."""
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(f"create view {table} as from '{small[0] / table}.parquet'")
    return connection


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number that the query returns."""
    return connection.execute(query).fetchone()[0]


def differing_rows(one: Path, other: Path) -> int:
    """Rows that only one of the two files holds, repetitions counted."""
    return count(
        duckdb.connect(),
        f"""
        select count(*) from (
            (from '{one}' except all from '{other}') union all
            (from '{other}' except all from '{one}')
        )
        """,
    )


# Same arguments, same rows


@pytest.mark.parametrize("threads", [1, 2])
def test_same_arguments_give_the_same_bytes(small, tmp_path, threads):
    truth = generate(tmp_path, **SMALL, threads=threads)
    assert truth == small[1]
    for table in TABLES:
        name = f"{table}.parquet"
        assert (tmp_path / name).read_bytes() == (small[0] / name).read_bytes()


def test_batches_of_users_change_nothing(small, tmp_path, monkeypatch):
    monkeypatch.setattr(events, "USERS_PER_BATCH", 97)
    assert generate(tmp_path, **SMALL) == small[1]
    assert not differing_rows(tmp_path / "events.parquet", small[0] / "events.parquet")


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_every_format_holds_the_same_rows(small, tmp_path, file_format):
    generate(tmp_path, **SMALL, file_format=file_format)
    for table in TABLES:
        file = tmp_path / f"{table}.{file_format}"
        if file_format == "csv":
            with file.open(newline="") as handle:
                rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader(handle)]
        else:
            rows = [json.loads(line, parse_int=str, parse_float=str) for line in file.open()]
        relation = duckdb.connect().sql(
            f"select columns(*)::varchar from '{small[0] / table}.parquet'"
        )
        expected = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        assert rows == expected


def test_another_seed_gives_unrelated_data(small, tmp_path):
    generate(tmp_path, **SMALL | {"seed": 4})
    for table, columns in (("users", "created_at"), ("events", "event_id")):
        shared = f"""
            select count(*)
            from '{small[0] / table}.parquet' as one
            inner join '{tmp_path / table}.parquet' as other using ({columns})
        """
        assert count(duckdb.connect(), shared) == 0


def test_the_bundled_sample_is_what_the_script_makes(tmp_path):
    generate(tmp_path)
    for table in (*TABLES, "aliases"):
        name = f"{table}.parquet"
        bundled = PROJECT / "sample" / name
        assert not differing_rows(tmp_path / name, bundled), (
            f"sample/{name} is stale: run plg sample"
        )
    assert sum(file.stat().st_size for file in (PROJECT / "sample").iterdir()) < 3_000_000


# What the files hold


def test_columns_are_those_of_the_raw_tables(raw):
    described = {
        table: [row[:2] for row in raw.execute(f"describe {table}").fetchall()] for table in TABLES
    }
    assert described["users"] == [
        ("user_id", "VARCHAR"),
        ("account_id", "VARCHAR"),
        ("created_at", "TIMESTAMP"),
        ("plan_tier", "VARCHAR"),
        ("install_source", "VARCHAR"),
        ("invited_by", "VARCHAR"),
    ]
    assert described["events"] == [
        ("event_id", "VARCHAR"),
        ("user_id", "VARCHAR"),
        ("event_name", "VARCHAR"),
        ("timestamp", "TIMESTAMP"),
        ("properties", "VARCHAR"),
    ]
    assert described["exposures"] == [
        ("experiment_id", "VARCHAR"),
        ("variant", "VARCHAR"),
        ("user_id", "VARCHAR"),
        ("exposed_at", "TIMESTAMP"),
    ]
    assert described["accounts"] == [
        ("account_id", "VARCHAR"),
        ("created_at", "TIMESTAMP"),
        ("account_name", "VARCHAR"),
        ("seat_count", "BIGINT"),
    ]
    assert described["subscriptions"] == [
        ("subscription_id", "VARCHAR"),
        ("started_at", "TIMESTAMP"),
        ("monthly_amount", "DECIMAL(18,2)"),
        ("account_id", "VARCHAR"),
        ("user_id", "VARCHAR"),
        ("ended_at", "TIMESTAMP"),
    ]


def test_every_planted_kind_of_dirt_occurs(small):
    truth = small[1]
    assert truth.dirt_counts["users"].keys() == USER_DIRT.keys()
    assert truth.dirt_counts["events"].keys() == EVENT_DIRT.keys()
    for planted in truth.dirt_counts.values():
        assert all(planted.values())


def test_users_lose_exactly_the_planted_rows(raw, small):
    truth = small[1]
    planted = truth.dirt_counts["users"]
    keyed = "user_id is not null and created_at is not null"
    assert count(raw, f"select count(*) from users where not ({keyed})") == planted["missing_key"]
    future = f"select count(*) from users where {keyed} and created_at >= '2100-01-01'"
    assert count(raw, future) == planted["future_event"]
    repeated = f"""
        select count(*) - count(distinct user_id)
        from users
        where {keyed} and created_at < '2100-01-01'
    """
    assert count(raw, repeated) == planted["same_row_again"] + planted["repeated_later"]
    assert count(raw, "select count(*) from users") == truth.user_count + sum(planted.values())


def test_events_lose_exactly_the_planted_rows(raw, small):
    """The rules of the definitions, one after the other, in plain SQL."""
    truth = small[1]
    planted = truth.dirt_counts["events"]
    raw.execute("""
        create table signups as
        select user_id, min(created_at) as created_at
        from users
        where user_id is not null and created_at < '2100-01-01'
        group by user_id
    """)
    removed = {}
    raw.execute("create table kept as from events")
    for rule, condition in {
        "missing_key": "user_id is null or event_name is null or timestamp is null",
        "future_event": "timestamp >= '2100-01-01'",
        "unknown_user": "user_id not in (select user_id from signups)",
        "before_signup": """
            timestamp < (select created_at from signups where signups.user_id = kept.user_id)
                - interval 1 hour
        """,
    }.items():
        removed[rule] = count(raw, f"delete from kept where {condition}")
    ids = """
        select count(event_id) - count(distinct (event_id, user_id, event_name))
            filter (where event_id is not null)
        from kept
    """
    assert count(raw, ids) == planted["same_row_again"] + planted["sent_again_later"]
    without_id = """
        select (select count(*) from kept where event_id is null)
            - (select count(*) from (select distinct * from kept where event_id is null))
    """
    assert count(raw, without_id) == planted["same_row_again_without_id"]
    assert removed == {rule: planted[rule] for rule in removed}
    blank = "select count(*) from (select distinct * from kept where event_id is null)"
    assert count(raw, blank) == planted["blank_event_id"] + planted["same_row_again_without_id"]
    duplicates = truth.removed_row_counts["events"]["duplicate_event"]
    assert count(raw, "select count(*) from kept") - duplicates == truth.event_count


def test_truth_counts_dirt_by_the_rule_that_removes_it(small):
    truth = small[1]
    users, events = truth.dirt_counts["users"], truth.dirt_counts["events"]
    assert truth.removed_row_counts == {
        "users": {
            "unreadable_row": 0,
            "missing_key": users["missing_key"],
            "future_event": users["future_event"],
            "duplicate_user": users["same_row_again"] + users["repeated_later"],
            "merged_user": 0,
            "excluded_user": 0,
        },
        "events": {
            "unreadable_row": 0,
            "missing_key": events["missing_key"],
            "future_event": events["future_event"],
            "excluded_user": 0,
            "anonymous_event": 0,
            "unknown_user": events["unknown_user"],
            "anonymous_before_signup": 0,
            "before_signup": events["before_signup"],
            "duplicate_event": events["same_row_again"]
            + events["sent_again_later"]
            + events["same_row_again_without_id"],
        },
    }


def test_nothing_lies_after_the_end_but_planted_dirt(raw):
    end = law.START_DATE + timedelta(days=SMALL["days"])
    columns = {
        "users": "created_at",
        "events": "timestamp",
        "exposures": "exposed_at",
        "subscriptions": "started_at",
        "accounts": "created_at",
    }
    for table, column in columns.items():
        late = f"select count(*) from {table} where {column} >= '{end}' and {column} < '2100-01-01'"
        assert count(raw, late) == 0
        latest = f"select max({column})::date from {table} where {column} < '{end}'"
        if table not in ("accounts", "subscriptions"):  # rare
            assert count(raw, latest) == end - timedelta(days=1)
    assert end == date(2024, 3, 31)


def test_identifiers_look_like_uuids(raw):
    pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89][0-9a-f]{3}-[0-9a-f]{12}$"
    assert count(raw, f"select count(*) from events where event_id !~ '{pattern}'") == 0


def test_invitation_counts_come_as_numbers_as_text_and_not_at_all(raw):
    seen = raw.execute("""
        select distinct coalesce(json_type(properties, '$.count'), 'none')
        from events
        where event_name = 'invite_sent'
    """).fetchall()
    assert {row[0] for row in seen} == {"UBIGINT", "VARCHAR", "none"}


def test_invited_users_sign_up_within_thirty_days_of_their_inviter(raw):
    raw.execute("""
        create table signups as
        select user_id, min(created_at) as created_at, any_value(invited_by) as invited_by
        from users
        where user_id is not null and created_at < '2100-01-01'
        group by user_id
    """)
    in_time, invited = raw.execute("""
        select
            count(*) filter (
                invited.created_at >= inviter.created_at
                and invited.created_at < inviter.created_at + interval 30 days
            ),
            (select count(*) from signups where invited_by is not null)
        from signups as invited
        inner join signups as inviter on invited.invited_by = inviter.user_id
    """).fetchone()
    assert in_time == invited > 300


# Arguments


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"users": 0}, "users must be a whole number of at least 1, but is 0."),
        ({"users": 2.5}, "users must be a whole number of at least 1, but is 2.5."),
        ({"users": True}, "users must be a whole number of at least 1, but is True."),
        ({"users": 60_000_000}, "users must be at most 50000000, but is 60000000."),
        ({"days": 0}, "days must be a whole number of at least 1, but is 0."),
        ({"days": 4_000}, "days must be at most 3650 (ten years), but is 4000."),
        ({"seed": -1}, "seed must be a whole number of at least 0, but is -1."),
        ({"seed": 2**63}, "seed must be less than 2**63, but is 9223372036854775808."),
        ({"threads": 0}, "threads must be a whole number of at least 1, but is 0."),
        ({"file_format": "xlsx"}, "format must be one of parquet, csv, jsonl, but is 'xlsx'."),
        ({"memory_limit": "lots"}, "memory_limit must be a size such as 3GB, but is 'lots'."),
    ],
)
def test_wrong_arguments_are_refused_in_a_sentence(tmp_path, arguments, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        generate(tmp_path, **arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(ValueError, match=r"out must be a folder, but .*taken is a file"):
        generate(tmp_path / "taken")


@pytest.mark.parametrize("other", ["users.csv", "events.jsonl.gz", "events"])
def test_a_folder_with_the_tables_in_another_format_is_refused(tmp_path, other):
    (tmp_path / other).touch()
    with pytest.raises(ValueError, match=f"already holds {other}, .* would be ambiguous"):
        generate(tmp_path, users=10, days=10)


def test_a_law_that_contradicts_itself_is_refused(tmp_path, monkeypatch):
    low = law.RETENTION | {"both": (0.96, 0.5, 0.42)}
    monkeypatch.setattr(law, "RETENTION", low)
    with pytest.raises(ValueError, match=r"RETENTION of class both on day 1 is 0\.500, but its"):
        generate(tmp_path, users=10, days=10)


def test_a_habit_too_weak_for_the_milestones_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(law, "HABIT", law.HABIT | {"only_invite": (1.0, 0.1)})
    with pytest.raises(
        ValueError, match=r"RETENTION of class only_invite on day 15 is 0\.012, but"
    ):
        generate(tmp_path, users=10, days=10)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "DELAYS",
            {"both": (law.Delay(1.0, 0, 40, 2),)},
            "A delay in DELAYS ends after 30 days, where only visits are drawn.",
        ),
        (
            "HABIT_DAY",
            10,
            "Documents of class both may be early or not and come until day 14, but HABIT begins on "
            "day 10: begin it later.",
        ),
        (
            "CELLS",
            (law.Channel("ads", 1.0, 0.6, 0.3, 0.2, pace=1.0, acceptance=0.1),),
            "The class shares of channel ads exceed 1.",
        ),
    ],
)
def test_a_law_out_of_range_is_refused(tmp_path, monkeypatch, name, value, sentence):
    monkeypatch.setattr(law, name, value)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        generate(tmp_path, users=10, days=10)


def test_a_quantile_outside_of_zero_to_one_is_refused():
    with pytest.raises(ValueError, match="share must be between 0 and 1, but is 50"):
        first_value_quantile({0: 1}, 50)


@pytest.mark.parametrize("size", [{"users": 1, "days": 1}, {"users": 3, "days": 400}])
def test_the_smallest_samples_are_written(tmp_path, size):
    truth = generate(tmp_path, **size)
    assert truth.user_count >= 1
    assert {file.stem for file in tmp_path.iterdir()} == {"aliases", *TABLES}


def test_a_run_replaces_the_files_of_the_one_before(small, tmp_path):
    generate(tmp_path, users=10, days=10)
    generate(tmp_path, **SMALL)
    assert not (tmp_path / "aliases.parquet").exists()
    assert not differing_rows(tmp_path / "users.parquet", small[0] / "users.parquet")


# Command line


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script as a user would."""
    command = [sys.executable, "-m", "simulator.generate", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_command_line_writes_files_truth_and_progress(small, tmp_path):
    out, truth_file = tmp_path / "out", tmp_path / "truth.json"
    size = [f"--{name}={SMALL[name]}" for name in ("users", "days", "seed")]
    done = run(*size, "--no-identities", "--out", out, "--format", "parquet", "--truth", truth_file)
    assert done.returncode == 0, done.stderr
    truth = small[1]
    assert f"{truth.user_count:,} users, {truth.event_count:,} events" in done.stdout
    assert f"{truth.user_count}/{truth.user_count}" in done.stderr  # the progress bar, full
    assert (out / "events.parquet").read_bytes() == (small[0] / "events.parquet").read_bytes()
    written = json.loads(truth_file.read_text())
    assert written["k_factor"] == truth.k_factor
    assert written["removed_row_counts"] == truth.removed_row_counts


def test_the_command_line_refuses_in_a_sentence(tmp_path):
    done = run("--users", "0", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr == "Error: users must be a whole number of at least 1, but is 0.\n"
    assert not (tmp_path / "out").exists()


def test_the_default_folder_is_sample(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, ["--users", "10", "--days", "10"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "sample" / "users.parquet").exists()

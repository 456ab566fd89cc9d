"""People behind ids: aliases and devices against the oracle, and what must change no number."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from simulator.generate import generate
from tests.harness import BUILD, BuildFailed, build, query, unlike_marts
from tests.oracle.cleaning import Limits
from tests.oracle.identity import identify
from tests.oracle.raw_files import RawAlias

USERS = ["user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by"]
EVENTS = ["event_id", "user_id", "anonymous_id", "event_name", "timestamp", "properties"]
ALIASES = ["alias_id", "user_id", "aliased_at"]
IDENTITIES = [*BUILD, "--select", "+int_person_ids", "+int_aliases_classified"]
# They count rows as delivered.
OF_ROWS = ("data_quality_by_rule", "input_by_decision", "build_warnings")

Alias = tuple[str, str, str]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def world(
    folder: Path,
    aliases: Iterable[Alias],
    users: Iterable[Sequence[str]] = (),
    events: Iterable[Sequence[str]] = (),
) -> Path:
    """Writes raw tables with a user and an event of their own, and returns their folder."""
    folder.mkdir(exist_ok=True)
    one_user = ("someone", "", "2023-01-01", "", "", "")
    one_event = ("of_someone", "someone", "", "task_completed", "2023-01-02", "")
    write_csv(folder / "raw" / "users.csv", USERS, [one_user, *users])
    write_csv(folder / "raw" / "events.csv", EVENTS, [one_event, *events])
    write_csv(folder / "raw" / "aliases.csv", ALIASES, aliases)
    return folder / "raw"


def people_behind(aliases: Iterable[Alias]) -> tuple[dict[str, str], Counter[str]]:
    """The person of each alias, and how many rows each rule takes."""
    rows = [
        RawAlias(alias, target, datetime.fromisoformat(at) if at else None, "aliases.csv")
        for alias, target, at in aliases
    ]
    limits = Limits(frozenset(), datetime(2030, 1, 1), timedelta(hours=1))
    identity, outcomes = identify(rows, [], set(), limits)
    people = {alias: identity.resolve(alias) for alias in identity.links}
    return people, Counter(outcome.rule for outcome in outcomes if outcome.rule)


def random_aliases(seed: int) -> list[Alias]:
    """Aliases of a random graph, with a chain of 64 links and a cycle of 65 ids."""
    rng = random.Random(seed)
    rows: list[Alias] = []
    # Small groups, so that cycles with tails are frequent and no chain is too long.
    for group in range(60):
        ids = [f"{rng.choice('aBzé')}{group}_{number}" for number in range(rng.randint(2, 12))]
        for _ in range(rng.randint(1, 2 * len(ids))):
            alias, target = rng.sample(ids, 2)
            rows.append((alias, target, rng.choice(["", "2024-01-01", "2024-01-02", "2024-01-03"])))
    chain = [f"chain{number}" for number in rng.sample(range(65), 65)]
    rows += [(alias, target, "2024-01-01") for alias, target in pairwise(chain)]
    cycle = [f"cycle{number}" for number in rng.sample(range(65), 65)]
    rows += [(a, t, "2024-01-01") for a, t in zip(cycle, cycle[1:] + cycle[:1], strict=True)]
    rng.shuffle(rows)
    return rows


def identities(database: Path) -> dict[str, str]:
    found = query(database, "select user_id, resolved_id from intermediate.int_identities")
    return {row["user_id"]: row["resolved_id"] for row in found}


def removed_rows(database: Path) -> Counter[str]:
    found = query(
        database,
        "select removed_by, count(*) as n from intermediate.int_aliases_classified "
        "where removed_by is not null group by removed_by",
    )
    return Counter({row["removed_by"]: row["n"] for row in found})


@pytest.mark.long
def test_each_id_leads_to_the_person_that_the_oracle_finds(tmp_path: Path) -> None:
    aliases = random_aliases(seed=14)
    database = build(world(tmp_path, aliases), tmp_path, arguments=IDENTITIES)
    people, rules = people_behind(aliases)
    found = identities(database)
    assert found == people
    assert removed_rows(database) == rules
    # A person is nobody else's alias, so to resolve twice is to resolve once.
    assert not set(found.values()) & found.keys()
    ids = query(
        database,
        "select count(*) = count(distinct user_id) as once from intermediate.int_person_ids",
    )
    assert ids == [{"once": True}]
    # The order of rows, and saying a thing twice, changes nobody.
    again = world(tmp_path / "again", [*reversed(aliases), *aliases])
    assert identities(build(again, tmp_path / "again", arguments=IDENTITIES)) == people


def test_a_chain_of_more_than_64_links_stops_the_build(tmp_path: Path) -> None:
    chain = [f"id{number:02}" for number in range(67)]
    aliases = [(alias, target, "") for alias, target in pairwise(chain)]
    with pytest.raises(BuildFailed, match=r"a chain of more than 64 links begins at the id 'id00'"):
        build(world(tmp_path, aliases), tmp_path, arguments=IDENTITIES)


def test_a_cycle_of_more_than_65_ids_stops_the_build(tmp_path: Path) -> None:
    cycle = [f"id{number:03}" for number in range(200)]
    aliases = [(a, t, "") for a, t in zip(cycle, cycle[1:] + cycle[:1], strict=True)]
    with pytest.raises(BuildFailed, match=r"a chain of more than 64 links begins at the id 'id"):
        build(world(tmp_path, aliases), tmp_path, arguments=IDENTITIES)


def test_examples_of_the_definitions(tmp_path: Path) -> None:
    """Each paragraph has ids of its own."""
    # Two merged users: what one lacks, the other one says; the earlier signup is the person's.
    users = [
        ("a", "", "2024-05-05", "pro", "", ""),
        ("b", "", "2024-05-01", "free", "ads", ""),
    ]
    aliases = [("b", "a", "2024-05-10")]
    events = [("e1", "b", "", "task_completed", "2024-05-03", "")]
    # A device that u and v share, one after the other.
    users += [("u", "", "2024-05-01T10:00", "", "", ""), ("v", "", "2024-05-01T10:00", "", "", "")]
    events += [
        ("e2", "", "d", "visit_before", "2024-05-01T09:00", ""),
        ("e3", "", "d", "visit_after", "2024-05-01T20:00", ""),
        ("e4", "u", "d", "login_u", "2024-05-01T10:00", ""),
        ("e5", "v", "d", "login_v", "2024-05-01T12:00", ""),
        ("e6", "v", "u", "device_is_a_user", "2024-05-01T13:00", ""),
    ]
    database = build(world(tmp_path, aliases, users, events), tmp_path)
    people = query(
        database,
        "select user_id, plan_tier, install_source, cast(signed_up_at as date)::varchar as signed_up "
        "from marts.users where user_id in ('a', 'b')",
    )
    assert people == [
        {"user_id": "a", "plan_tier": "pro", "install_source": "ads", "signed_up": "2024-05-01"}
    ]
    found = query(
        database,
        "select event_name, signups.user_id from intermediate.int_events as events "
        "join intermediate.int_signups as signups on events.user_key = signups.id_key",
    )
    assert {row["event_name"]: row["user_id"] for row in found if row["user_id"] != "someone"} == {
        "task_completed": "a",
        "visit_after": "u",
        "login_u": "u",
        "login_v": "v",
        "device_is_a_user": "v",
    }
    rules = query(
        database, "select rule_name, row_count from marts.data_quality_by_rule where row_count > 0"
    )
    assert {row["rule_name"]: row["row_count"] for row in rules} == {
        "merged_user": 1,
        "anonymous_before_signup": 1,
    }


@pytest.fixture(scope="module")
def some_users(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Users of the simulator, each with one id."""
    folder = tmp_path_factory.mktemp("some_users")
    generate(folder, users=500, days=120, identities=False)
    connection = duckdb.connect()
    for name in ("users", "events"):
        connection.execute(f"create table {name} as from '{folder}/{name}.parquet'")
    return connection


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path, **queries: str) -> Path:
    (folder / "raw").mkdir(parents=True)
    for name, sql in queries.items():
        connection.execute(f"copy ({sql}) to '{folder}/raw/{name}.parquet'")
    return folder / "raw"


@pytest.mark.long
def test_a_user_with_two_ids_is_one_user(
    some_users: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Half of each user's events get a second id, or a device; every mart of people stays."""
    plain = write_tables(some_users, tmp_path / "plain", users="from users", events="from events")
    second_id = "'2nd ' || user_id"
    late = "timestamp >= (select max(created_at) from users where user_id = events.user_id)"
    split = write_tables(
        some_users,
        tmp_path / "split",
        users="from users",
        events=f"""
            select * replace (
                case hash(event_id, event_name) % 3
                    when 1 then {second_id} when 2 then if({late}, null, user_id) else user_id
                end as user_id
            ), if(hash(event_id, event_name) % 3 = 2, 'device of ' || user_id, null) as anonymous_id
            from events
        """,
        aliases=f"""
            select distinct {second_id} as alias_id, user_id from events where user_id is not null
            union all
            select distinct 'device of ' || user_id, user_id from events where user_id is not null
        """,
    )
    expected, actual = (build(raw_dir, raw_dir.parent) for raw_dir in (plain, split))
    found = unlike_marts(actual, expected, OF_ROWS)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_a_device_is_a_user_only_where_the_product_has_no_login(tmp_path: Path) -> None:
    events = [
        ("e1", "", "alone", "task_completed", "2024-05-02", ""),
        ("e2", "", "alone", "task_completed", "2024-05-01", ""),
        ("e3", "someone", "known", "task_completed", "2024-05-03", ""),
        ("e4", "", "known", "task_completed", "2024-05-04", ""),
    ]
    raw_dir = world(tmp_path, [], events=events)
    counts = "select user_id, cast(signed_up_at as date)::varchar as signed_up from marts.users order by 1"
    someone = {"user_id": "someone", "signed_up": "2023-01-01"}
    assert query(build(raw_dir, tmp_path), counts) == [someone]
    # On the same database, and back again: the parts are read anew each time.
    with_devices = build(raw_dir, tmp_path, environment={"PLG_ANONYMOUS_USERS": "true"})
    assert query(with_devices, counts) == [{"user_id": "alone", "signed_up": "2024-05-01"}, someone]
    assert query(build(raw_dir, tmp_path), counts) == [someone]

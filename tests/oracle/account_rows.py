"""Which rows of accounts count, and which rule takes each other row away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.oracle.cleaning import Limits, Outcome, earliest_first, in_byte_order
from tests.oracle.raw_files import RawAccount, RawUser


def accounts_that_count(
    accounts: Iterable[RawAccount],
    users: Mapping[str, RawUser],
    excluded_users: Mapping[str, RawUser],
    limits: Limits,
) -> tuple[dict[str, RawAccount], list[Outcome]]:
    """The accounts by account_id, and what became of every row."""
    used = {user.account_id for user in users.values()}
    excluded = accounts_of_excluded(users, excluded_users)
    outcomes = []
    copies_by_account = defaultdict(list)
    for account in accounts:
        if account.account_id is None or (
            account.created_at is None and account.account_id not in used
        ):
            rule = "missing_key"
        elif account.created_at is not None and account.created_at > limits.latest_credible_at:
            rule = "future_event"
        elif account.account_id in excluded:
            rule = "excluded_user"
        else:
            copies_by_account[account.account_id].append(account)
            continue
        outcomes.append(Outcome(account.file, account, rule, account.created_at))

    counted = {}
    for account_id, copies in copies_by_account.items():
        kept, *repeats = sorted(copies, key=place)
        counted[account_id] = kept
        outcomes.append(Outcome(kept.file, kept, None, kept.created_at))
        outcomes += [
            Outcome(repeat.file, repeat, "duplicate_account", repeat.created_at)
            for repeat in repeats
        ]
    return counted, outcomes


def accounts_of_excluded(
    users: Mapping[str, RawUser], excluded_users: Mapping[str, RawUser]
) -> set[str | None]:
    """The accounts that excluded users have, and no user that counts has."""
    used = {user.account_id for user in users.values()}
    return {user.account_id for user in excluded_users.values()} - used


def place(account: RawAccount) -> tuple:
    """A sort key: the row that stays comes first."""
    seats = account.seat_count
    further = sorted(account.further, key=in_byte_order)
    return (
        earliest_first(account.created_at),
        earliest_first(account.trial_started_at),
        earliest_first(account.trial_ends_at),
        (seats is None, seats or 0),
        in_byte_order(account.account_name, *(account.further[column] for column in further)),
    )

"""Who saw which variant of an experiment: the raw table of exposures.

A variant is drawn given what its user does, so nothing else in the sample changes, and all numbers are
distributed as in an experiment that changes what users do. With a the share of all who
activate, d the points between the variants and c the share of the control group, whoever activates is in
the control group with P = c (a - (1 - c) d) / a, whoever does not with c (1 - a + (1 - c) d) / (1 - a).
That makes c in all, and rates d apart. It is drawn so among those who saw an error and among the others,
each with their own a. So the variants see the same errors, though whoever activates sees fewer.
"""

from __future__ import annotations

from datetime import date

import duckdb

from simulator.law import (
    ATTEMPT_DAYS,
    CELLS,
    CLASSES,
    DELAYS,
    EXPERIMENTS,
    EXPOSED_AGAIN_SHARE,
    MIXED_SHARE,
    Channel,
    Experiment,
)
from simulator.shares import error_if_inviting, error_if_not

EXPOSURES = """
insert into exposures
with
exposed as (
    select
        user_no,
        user_id,
        digest(key, '{experiment_id}', '') as exposure_digest,
        created_at + to_seconds(word(exposure_digest, 0) % {latest_seconds}) as exposed_at,
        share(exposure_digest, 1) >= {control_share_of_user} as is_second,
        share(exposure_digest, 2) as again
    from people
    left join saw_error using (user_no)
    where created_at >= timestamp '{starts}' and created_at < timestamp '{ends}'
        and share(digest(key, '{experiment_id}', 'share'), 0) < {exposed_share}
),

all_rows as (
    select user_no, user_id, exposed_at, is_second from exposed
    union all
    select
        user_no,
        user_id,
        exposed_at + interval 1 day,
        if(again < {mixed_share}, not is_second, is_second)
    from exposed
    where again < {mixed_share} + {again_share}
)

select
    user_no,
    '{experiment_id}' as experiment_id,
    if(is_second, '{second}', '{control}') as variant,
    user_id,
    exposed_at
from all_rows
where exposed_at < timestamp '{ends}'
"""


def _error_share(channel: Channel, class_name: str) -> float:
    """Share of the class that sees an error at the invite step, near enough: everybody logs in."""
    invite = DELAYS[class_name][0]
    inviting = invite.probability * invite.share_by(ATTEMPT_DAYS, channel.pace)
    return inviting * error_if_inviting() + (1 - inviting) * error_if_not(channel)


def _activation_if(channel: Channel, sees_error: bool) -> float:
    """P(activated | saw an error, or not)."""
    shares = [
        share * abs((not sees_error) - _error_share(channel, name))
        for share, name in zip(channel.class_shares, CLASSES, strict=True)
    ]
    return shares[0] / sum(shares)


def _control_share(experiment: Experiment) -> str:
    """The probability that a user is in the control group, as SQL over people and saw_error."""
    control = experiment.control_share
    if not experiment.activation_points:
        return str(control)
    lower = (
        1 - control
    ) * experiment.activation_points  # by so much the control group is below all
    branches = []
    for cell_no, channel in enumerate(CELLS):
        for sees_error in (True, False):
            a = _activation_if(channel, sees_error)
            branches.append(
                f"when cell_no = {cell_no} and (saw_error.user_no is not null) = {sees_error} "
                f"then if(class_no = 0, {control * (a - lower) / a}, "
                f"{control * (1 - a + lower) / (1 - a)})"
            )
    return f"case {' '.join(branches)} end"


def create_exposures(connection: duckdb.DuckDBPyConnection, end: date) -> None:
    """The raw table of exposures; people and the users who saw an error are there."""
    connection.execute(
        "create table exposures (user_no bigint, experiment_id varchar, variant varchar, "
        "user_id varchar, exposed_at timestamp)"
    )
    for experiment in EXPERIMENTS:
        connection.execute(
            EXPOSURES.format(
                experiment_id=experiment.experiment_id,
                control=experiment.variants[0],
                second=experiment.variants[1],
                starts=experiment.starts,
                ends=min(experiment.ends or end, end),
                control_share_of_user=_control_share(experiment),
                exposed_share=experiment.exposed_share,
                latest_seconds=experiment.latest_seconds,
                mixed_share=MIXED_SHARE,
                again_share=EXPOSED_AGAIN_SHARE,
            )
        )

"""Real data of two sites, which lie beside a checkout of the project and not in it.

PLG_REAL_DATA names another folder for them. Where there are none, tests of them are skipped.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.harness import PROJECT

REAL_DATA = Path(os.environ.get("PLG_REAL_DATA", PROJECT.parent / "shared" / "data")).resolve()
MILESTONE_COLUMNS = (
    "milestone_id,definition,weight,timeframe,triggered_by_event,milestone_order,path,is_required,"
    "is_first_value,min_count\n"
)
REAL_MILESTONES = {
    "stackexchange": """\
s1,Posts a first comment,0.10,7d,comment_posted,1,default,false,false,1
s2,Asks a first question,0.20,14d,question_asked,2,asker,true,true,1
s3,Posts a first answer,0.20,14d,answer_posted,3,answerer,true,true,1
s4,Receives a first upvote,0.20,30d,upvote_received,4,default,false,false,1
s5,Earns three badges,0.30,30d,badge_earned,5,default,false,false,3
""",
    "cdnow": "c1,Buys a second time,1,90d,purchase,1,default,true,true,2\n",
}
FUNNEL_COLUMNS = (
    "funnel_id,step_number,step_name,event_name,timeframe,is_optional,"
    "property_key,property_operator,property_value\n"
)
EXCLUSION_COLUMNS = (
    "funnel_id,event_name,from_step,to_step,property_key,property_operator,property_value\n"
)
REAL_FUNNELS = {
    "stackexchange": """\
asker,1,Signs up,,30d,,,,
asker,2,Comments,comment_posted,30d,true,,,
asker,3,Asks,question_asked,30d,,,,
asker,4,Is upvoted,upvote_received,30d,,,,
asker,5,Asks again,question_asked,30d,,,,
answerer,1,Answers,answer_posted,4w,,,,
answerer,2,Earns a badge,badge_earned,4w,true,,,
answerer,3,Earns a silver badge,badge_earned,4w,,cls,is,2
answerer,4,Is accepted,answer_accepted,4w,,,,
""",
    "cdnow": """\
again,1,Buys,purchase,90d,,,,
again,2,Buys again,purchase,90d,,,,
again,3,Buys a third time,purchase,90d,,,,
more,1,Buys one,purchase,1w,,cds,,1
more,2,Buys two,purchase,1w,true,cds,is,2
more,3,Buys another number,purchase,1w,,cds,is_not,1
""",
}
REAL_EXCLUSIONS = {
    "stackexchange": "answerer,question_asked,3,4,,,\nasker,badge_earned,,3,cls,is_not,3\n",
    "cdnow": "more,purchase,1,3,cds,is,5\n",
}
# Neither site has errors: what is friction here is any event.
REAL_CATALOG = {
    "stackexchange": "comment_posted,,true\nsigned_up,false,\n",
    "cdnow": "purchase,true,true\n",
}


def write_definitions(site: str, folder: Path) -> Path:
    """Writes the shipped definitions with those of a site, and returns their new folder."""
    shutil.copytree(PROJECT / "seeds", folder)
    (folder / "milestones.csv").write_text(MILESTONE_COLUMNS + REAL_MILESTONES[site])
    (folder / "funnels.csv").write_text(FUNNEL_COLUMNS + REAL_FUNNELS[site])
    (folder / "funnel_exclusions.csv").write_text(EXCLUSION_COLUMNS + REAL_EXCLUSIONS[site])
    catalog = "event_name,is_meaningful,is_friction\n" + REAL_CATALOG[site]
    (folder / "event_catalog.csv").write_text(catalog)
    return folder

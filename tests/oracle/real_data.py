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


def write_definitions(site: str, folder: Path) -> Path:
    """Writes the shipped definitions with the milestones of a site, and returns their new folder."""
    shutil.copytree(PROJECT / "seeds", folder)
    (folder / "milestones.csv").write_text(MILESTONE_COLUMNS + REAL_MILESTONES[site])
    return folder

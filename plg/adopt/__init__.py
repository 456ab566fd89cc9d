"""`plg adopt`: proposes a definitions folder from the data, and builds the first report with it.

facts.py    what the data hold, in SQL over a first build
names.py    what the name of an event or a column tells
rules.py    what is proposed, from the facts alone
columns.py  which columns of users and accounts could be segments
folder.py   the definition CSVs
page.py     PROPOSAL.md
command.py  the command
"""

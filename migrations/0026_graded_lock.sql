-- A lock asks for several actions, and the exchange says of each what became of it. One row as before: states only grow, so a column
-- of the lock holds them. NULL in `answers`: nothing was said of a single action, the callback's confirmation is that of all.
ALTER TABLE locks ADD COLUMN actions TEXT;
ALTER TABLE locks ADD COLUMN answers TEXT;
ALTER TABLE locks ADD COLUMN partly_since INTEGER;

-- Locks that were answered in part: rare, and a row is written for them alone.
CREATE INDEX locks_partly ON locks (partly_since) WHERE partly_since IS NOT NULL;

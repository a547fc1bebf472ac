"""Rules about being able to look at all: files that cannot be read, and comments that set findings aside."""

from stackproof.check.rules.files import ignore_reason, unreadable, unused_ignore

FILE_RULES = (unreadable.RULE, ignore_reason.RULE, unused_ignore.RULE)

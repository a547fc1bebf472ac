from stackproof.build.docker import cache

LISTED = """\
ID						RECLAIMABLE	SIZE		LAST ACCESSED
qnlbivm2qdijfofjz4i4ng2zf*              	true 		0B        	Less than a second ago
omkj0sqx7z53fkbynj3wfi34b               	true 	12B       	Less than a second ago
Private:	4.434GB
Reclaimable:	5.219GB
Total:		5.219GB
"""


def test_records_are_told_from_the_rest() -> None:
    assert cache.parsed(LISTED) == {"qnlbivm2qdijfofjz4i4ng2zf", "omkj0sqx7z53fkbynj3wfi34b"}

"""Light curves become verdicts: does a planet pass in front of the star?"""

"""What all tests share.

Property tests try the same examples every time, so that a green change stays green; to look for new
ones: `pytest --hypothesis-profile=search`.
"""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

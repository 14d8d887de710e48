"""The people of the demonstration: made-up patients, their diaries and what became of them."""

"""The admin's pages: the only room that speaks HTTP."""

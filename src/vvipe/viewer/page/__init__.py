"""The page of the viewer: thin panels and a stage over what a session holds; needs viser."""

"""Where rows come from: a class for each kind of source, by format."""

package worker

// WithHandouts is a context as the loop makes it.
var WithHandouts = withHandouts

package gusapi

import "time"

// Plan is what an import would send.
type Plan struct {
	Requests  int           // still to be sent
	Kept      int           // answered from the archive
	Estimated bool          // the provider's lists are not all in the archive yet: the numbers are a guess
	Time      time.Duration // under the client's own limits, earlier requests of the ledger counted
	Anonymous time.Duration // for anyone with no request behind him, without a key
	Keyed     time.Duration // the same with a key
	Ages      []Age         // of what is in the archive, in order of id
}

// Age is when the oldest answer of an indicator was taken.
type Age struct {
	ID    string
	Taken time.Time
}

// Fresh is how long what a refresh asked serves the same refresh, when it was stopped and goes
// on.
const Fresh = time.Hour

// Plan tells how long so many requests take.
func (c *Client) Plan(requests, kept int, estimated bool) (Plan, error) {
	own, err := c.Forecast(requests)
	now := time.Now()
	return Plan{
		Requests: requests, Kept: kept, Estimated: estimated, Time: own,
		Anonymous: Anonymous.Forecast(nil, now, requests, c.pace),
		Keyed:     Keyed.Forecast(nil, now, requests, c.pace),
	}, err
}

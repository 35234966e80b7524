package main

import (
	"math"
	"math/rand/v2"
)

// random is a fixed-seed source: the same program makes the same sample.
type random struct{ *rand.Rand }

func newRandom(stream uint64) *random { return &random{rand.New(rand.NewPCG(20260415, stream))} }

// normal is a standard normal number, cut at ±2.5 so that no figure is absurd.
func (r *random) normal() float64 { return clamp(r.NormFloat64(), -2.5, 2.5) }

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// round rounds half away from zero to d decimals.
func round(v float64, d int) float64 {
	p := math.Pow(10, float64(d))
	return math.Round(v*p) / p
}

// Which experiment comes next. Pure.
#pragma once

#include <span>
#include <string_view>

#include "diagnosis/diagnose.hpp"
#include "probe/probes.hpp"

namespace locksmith::doctor {

// The probe of `candidates` that splits what is still possible most evenly; null when none is worth
// a request.
const probe::Probe* next_probe(const diagnosis::Diagnosis& diagnosis,
                               std::span<const probe::Probe* const> candidates);

}  // namespace locksmith::doctor

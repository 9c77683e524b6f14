// Support windows and compatibility on a day: what the calendars of the policy come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linter/cluster.h"
#include "linter/policy.h"

namespace meshlint {

enum class Plan : std::uint8_t { standard, lts, unknown };

// The largest slip seen between an expected end of life and the one that came.
inline constexpr std::chrono::months largest_slip{2};

// How long before its end a support window is said to end soon.
inline constexpr std::chrono::days near_end{45};

Plan plan_of(const Fact<std::string>& support_plan);

// Whether a revision is compatible with a Kubernetes version under a plan; when the plan is not known, under the
// standard one, which long-term support has not taken a version from yet.
bool fits(const MeshRevision& revision, Minor kubernetes, Plan plan);

// The last day itself is still supported.
bool has_ended(const Deadline& deadline, Date as_of);

// Whether a date that the page only expects has passed so lately that the end may still be to come.
bool may_have_slipped(const Deadline& deadline, Date as_of);

// Whether a revision's end has passed and can no longer be to come.
bool is_out_of_support(const MeshRevision& revision, Date as_of);

// The same by AKS's own calendar, whatever the user's organisation says.
bool is_out_on_aks(const MeshRevision& revision, Date as_of);

// Rows of the calendar have gained newer Kubernetes versions after they were published, so a version that is newer than
// all of them, or came after the data, is not known to be incompatible.
bool is_beyond_data(const Policy& policy, Minor kubernetes);

// The end of a Kubernetes version's support: with long-term support where the plan is that, else by the community.
const std::optional<Deadline>& end_of_support(const KubernetesVersion& version, Plan plan);

// The same by AKS's own calendar, and where it stands; nothing where only a rule in house sets an end.
struct EndOnAks {
  Deadline deadline;
  Citation citation;
};

std::optional<EndOnAks> end_on_aks(const KubernetesVersion& version, Plan plan);

// The revisions that are on AKS on a day and not known to be out of support, and that fit a Kubernetes version where it
// is known.
std::vector<Minor> supported_revisions(const Policy& policy, Date as_of, std::optional<Minor> kubernetes, Plan plan);

// The Kubernetes versions that are generally available and supported on a day.
std::vector<Minor> supported_kubernetes(const Policy& policy, Date as_of, Plan plan);

// AKS upgrades the mesh to the next revision or skips one; from an unsupported revision whose successor is unsupported
// as well, to the nearest supported one and not beyond.
std::vector<Minor> upgrade_targets(const Policy& policy, Date as_of, Minor revision, std::optional<Minor> kubernetes,
                                   Plan plan);

// A day as people write it: "31 May 2026".
std::string day_words(Date date);

// A month, which is all that the release calendar states: "May 2026".
std::string month_words(Date date);

// Whether an end was still to come when the page that states it was read: it may have moved since.
bool is_forecast(const Deadline& deadline, const Citation& citation);

// Until when, as exactly as the end is stated: "the end of May 2026", "15 May 2026".
std::string limit_words(const Deadline& deadline);

// The same for what has happened: "in May 2026", "on 15 May 2026".
std::string end_words(const Deadline& deadline);

}  // namespace meshlint

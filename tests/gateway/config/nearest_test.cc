// Which name is offered for one that does not exist.
#include "gateway/config/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace sluice::gateway {
namespace {

TEST(NearestName, OffersTheNameThatWasMeant) {
  const std::vector<std::string> names = {"timeout", "idle_timeout", "max_request_bytes", "max_response_bytes", "log"};
  struct Case {
    std::string_view text;
    std::string_view nearest;
  };
  const std::array cases = {
      Case{"timeot", "timeout"},    // one left out
      Case{"timeoout", "timeout"},  // one too many
      Case{"tiemout", "timeout"},   // two swapped
      Case{"timeouts", "timeout"},  // plural
      Case{"max-request-bytes", "max_request_bytes"},
      Case{"MAX_RESPONSE_BYTES", "max_response_bytes"},
      Case{"max_reqest_byte", "max_request_bytes"},
      Case{"lgo", "log"},
      Case{"x", ""},
      Case{"", ""},
      Case{"retries", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(nearest_name(c.text, names), c.nearest) << c.text;
}

TEST(NearestName, TakesTheFirstOfEquals) {
  const std::vector<std::string> names = {"cart", "card"};
  EXPECT_EQ(nearest_name("carx", names), "cart");
}

TEST(NearestName, DoesNotCompareWithAWholeFile) {
  const std::vector<std::string> names = {std::string(65, 'a')};
  EXPECT_EQ(nearest_name(std::string(65, 'a'), names), "");
}

TEST(NearestName, AsksOnlyWhenItHasAnOffer) {
  const std::vector<std::string> names = {"reject"};
  EXPECT_EQ(did_you_mean("rejct", names), "did you mean \"reject\"?");
  EXPECT_EQ(did_you_mean("other", names), "");
}

}  // namespace
}  // namespace sluice::gateway

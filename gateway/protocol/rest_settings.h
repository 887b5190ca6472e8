// RestSettings: what all REST routes of one table share.
#pragma once

#include "gateway/http/http_options.h"
#include "gateway/protocol/answer_options.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

// Borrowed from the route table, which outlives the exchanges.
struct RestSettings {
  const ErrorAnswers& errors;
  const PrintOptions& print;
  const StreamOptions& streams;
  const AnswerOptions& answers;
};

}  // namespace sluice::gateway

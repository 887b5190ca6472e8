// The routes of a table as text, for people and for machines.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/route/route_table.h"

namespace sluice::gateway {

// "GET /v1/{name=shelves/*} -> library.v1.Library.GetShelf"; behind it in brackets what is special: the body, streams,
// the backend where there are several.
std::string route_line(const RouteTable& table, std::size_t route);

// A line each, in the order of the table.
std::string routes_text(const RouteTable& table);

// A JSON array with an object for each.
std::string routes_json(const RouteTable& table);

}  // namespace sluice::gateway

// Collects the places of all fields, drops what does not stay, then writes the rest in order.
#include "gateway/transcode/wire_normal.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/wire_input.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {
namespace {

// One field where it lies.
struct Piece {
  const FieldPlan* field;
  WireType type;
  std::string_view whole;    // with its tag
  std::string_view content;  // of bytes, messages, groups
  std::uint64_t bits;
  bool stays;
};

// All pieces but unknown fields. A number that a closed enum lacks is one too, yet under the tag of a known field: it
// is there, and does not stay.
bool collect(const MessagePlan& plan, std::string_view content, std::vector<Piece>& pieces) {
  WireInput in(content);
  while (!in.done()) {
    const char* const begin = in.position();
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return false;
    const FieldPlan* const field = plan.find_number(number);
    if (field == nullptr || !field->takes(type)) {
      if (!in.skip(number, type, kGroupDepth)) return false;
      continue;
    }
    RawValue raw;
    const bool good = type == WireType::StartGroup ? in.group(number, kGroupDepth, raw.bytes) : raw.read(type, in);
    if (!good) return false;
    const bool lists_numbers = type == WireType::Length && field->wire_type != WireType::Length;
    const bool stays = lists_numbers || !field->is_unknown_enum(raw.bits);
    const std::string_view whole(begin, static_cast<std::size_t>(in.position() - begin));
    pieces.push_back({field, type, whole, raw.bytes, raw.bits, stays});
  }
  return true;
}

// A member that another one of its oneof follows is gone, with all that was merged into it.
void drop_replaced_members(std::vector<Piece>& pieces) {
  std::unordered_map<int, const FieldPlan*> last;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    Piece& piece = pieces[i];
    if (piece.field->oneof < 0 || !piece.stays) continue;
    const auto [found, is_last] = last.emplace(piece.field->oneof, piece.field);
    if (is_last || found->second == piece.field) continue;
    piece.stays = false;
    found->second = nullptr;  // what comes before is gone too, whatever it is
  }
}

void drop_replaced_scalars(std::vector<Piece>& pieces) {
  std::vector<const FieldPlan*> seen;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    Piece& piece = pieces[i];
    const FieldPlan& field = *piece.field;
    if (!piece.stays || field.repeated || field.map || field.message != nullptr) continue;
    piece.stays = std::ranges::find(seen, &field) == seen.end();
    if (piece.stays) seen.push_back(&field);
  }
}

// The key of an entry as bytes that are equal for equal keys; false: the entry is malformed, or has no place in the
// map.
bool entry_key(const FieldPlan& field, std::string_view content, std::string& key, bool& stays) {
  const FieldPlan& key_field = field.message->fields[0];
  const FieldPlan& value_field = field.message->fields[1];
  std::vector<Piece> pieces;
  if (!collect(*field.message, content, pieces)) return false;
  key.clear();
  std::uint64_t bits = 0;
  for (const Piece& piece : pieces) {
    if (piece.field != &key_field) continue;
    bits = map_key_bits(key_field.kind, piece.bits);
    key = piece.content;
  }
  if (key_field.kind != Kind::String) key.assign(reinterpret_cast<const char*>(&bits), sizeof bits);
  // An entry whose value is a number that its closed enum lacks is an unknown field as a whole.
  const bool has_value =
      std::ranges::any_of(pieces, [&](const Piece& p) { return p.field == &value_field && p.stays; });
  stays = has_value || !value_field.is_unknown_enum(0);
  return true;
}

bool drop_replaced_entries(std::vector<Piece>& pieces) {
  std::unordered_map<const FieldPlan*, std::unordered_map<std::string, bool>> seen;
  std::string key;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    Piece& piece = pieces[i];
    if (!piece.field->map) continue;
    if (!entry_key(*piece.field, piece.content, key, piece.stays)) return false;
    piece.stays = piece.stays && seen[piece.field].emplace(key, true).second;
  }
  return true;
}

bool merges(const FieldPlan& field) { return field.message != nullptr && !field.repeated && !field.map; }

// The pieces of one singular message, as one.
void write_merged(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end, WireOutput& out) {
  const FieldPlan& field = *pieces[begin].field;
  out.tag_of(field);
  std::size_t size = 0;
  for (std::size_t i = begin; i < end; ++i) size += pieces[i].content.size();
  if (field.kind == Kind::Message) out.varint(size);
  for (std::size_t i = begin; i < end; ++i) out.bytes(pieces[i].content);
  if (field.kind == Kind::Group) out.tag(field.number, WireType::EndGroup);
}

void write(const std::vector<Piece>& pieces, WireOutput& out) {
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t end = i + 1;
    if (merges(*pieces[i].field)) {
      while (end < pieces.size() && pieces[end].field == pieces[i].field) ++end;
    }
    if (end - i > 1) {
      write_merged(pieces, i, end, out);
    } else {
      out.bytes(pieces[i].whole);
    }
    i = end;
  }
}

bool in_order(const std::vector<Piece>& pieces) {
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const FieldPlan& field = *pieces[i].field;
    const FieldPlan& before = *pieces[i - 1].field;
    if (field.index < before.index || (&field == &before && merges(field))) return false;
  }
  return true;
}

}  // namespace

bool normalise(const MessagePlan& plan, std::string_view& content, rpc::Buffer& rewritten) {
  std::vector<Piece> pieces;
  if (!collect(plan, content, pieces)) return false;
  drop_replaced_members(pieces);
  drop_replaced_scalars(pieces);
  if (!drop_replaced_entries(pieces)) return false;
  const bool dropped = std::erase_if(pieces, [](const Piece& piece) { return !piece.stays; }) > 0;
  if (!dropped && in_order(pieces)) return true;
  std::ranges::sort(pieces, {}, [](const Piece& piece) { return std::pair(piece.field->index, piece.whole.data()); });
  WireOutput out(rewritten);
  write(pieces, out);
  out.flush();
  content = rewritten.text();
  return true;
}

std::uint64_t map_key_bits(Kind kind, std::uint64_t bits) {
  switch (kind) {
    case Kind::Bool:
      return bits != 0 ? 1 : 0;
    case Kind::Int32:
    case Kind::Uint32:
    case Kind::Sint32:
      return static_cast<std::uint32_t>(bits);
    default:
      return bits;
  }
}

}  // namespace sluice::gateway

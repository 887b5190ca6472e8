// EdgeTable: the literal edges of a trie as one hash table, (node, label) -> node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::http_rule {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0xFFFFFFFF;

// A text with its hash, which is computed once and used at every node. A view: the text outlives it.
struct Label {
  explicit Label(std::string_view label_text);
  std::string_view text;
  std::uint32_t hash = 0;
};

// A value; open addressing, at most half full, so a lookup costs the same however many edges there are. The texts are
// copied. The hash has no seed: whoever adds edges is trusted, who looks them up need not be.
class EdgeTable {
 public:
  // kNoNode: there is no such edge.
  NodeIndex find(NodeIndex from, const Label& label) const;
  // The edge must not exist.
  void insert(NodeIndex from, const Label& label, NodeIndex to);
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    NodeIndex from = kNoNode;  // kNoNode: free
    NodeIndex to = kNoNode;
    std::uint32_t hash = 0;
    std::uint32_t text_begin = 0;
    std::uint32_t text_size = 0;
  };

  std::size_t first_slot(NodeIndex from, std::uint32_t hash) const;
  void place(const Slot& slot);
  void grow();

  std::vector<Slot> slots_;  // a power of two of them, or none
  std::string texts_;
  std::size_t size_ = 0;
};

}  // namespace sluice::http_rule

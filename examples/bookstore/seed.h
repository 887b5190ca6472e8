// The books that the store opens with: real ones that everybody knows.
#pragma once

#include "examples/bookstore/store.h"

namespace bookstore {

// Four shelves. The store was empty.
void add_seed(Store& store);

}  // namespace bookstore

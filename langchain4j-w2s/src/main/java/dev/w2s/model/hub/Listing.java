// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.util.Set;

/**
 * What a repository holds.
 *
 * @param commit that its revision is now
 * @param files paths as the hub gives them, not to be trusted
 */
record Listing(String commit, Set<String> files) {
  Listing {
    files = Set.copyOf(files);
  }
}

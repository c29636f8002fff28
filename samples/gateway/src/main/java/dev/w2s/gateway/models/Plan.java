// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.SearchSettings;
import java.util.List;

/**
 * How one request is answered.
 *
 * @param model the name that meters have it under
 * @param guides what steers
 * @param trace whether the answer tells of every round
 */
public record Plan(
    String model, SearchSettings settings, List<WeightedGuide> guides, boolean trace) {}

// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import dev.w2s.guidance.RewardModel;
import dev.w2s.model.Placement;
import org.jspecify.annotations.Nullable;

/**
 * A reward model in this process.
 *
 * @param label that is wanted; null for a model with a single output
 * @param input what it reads
 */
public record ClassifierPlan(
    Reference model, @Nullable String label, RewardModel.Input input, Placement placement) {}

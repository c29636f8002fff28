// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;

/**
 * A language model in this process.
 *
 * @param view how it sees a prompt
 */
public record ModelPlan(Reference model, Placement placement, PromptOptions view) {}

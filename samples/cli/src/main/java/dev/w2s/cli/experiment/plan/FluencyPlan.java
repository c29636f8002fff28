// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

/** Under which model responses are to be likely. */
public sealed interface FluencyPlan {

  /** Under the base, which is in this process. */
  record Base() implements FluencyPlan {}

  /** Under another one, as the base is behind a server. */
  record Other(ModelPlan model) implements FluencyPlan {}

  /** It is left out. */
  record None() implements FluencyPlan {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import org.jspecify.annotations.Nullable;

/**
 * A model behind a server with OpenAI's API.
 *
 * @param url ending in {@code /v1}
 * @param model as the server calls it
 * @param apiKeyEnv environment variable that holds the key; null for none
 */
public record ServerPlan(String url, String model, @Nullable String apiKeyEnv) {}

// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.aiservice;

import dev.langchain4j.service.spring.AiService;

/** Has whatever model there is. */
@AiService
public interface Critic {
  String answer(String question);
}

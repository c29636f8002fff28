// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do about a bean that does not fit the properties. */
final class NotGuidableFailureAnalyzer extends AbstractFailureAnalyzer<NotGuidableException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, NotGuidableException cause) {
    return new FailureAnalysis(
        "B" + String.valueOf(cause.getMessage()).substring(1) + ".",
        "Change the properties under langchain4j.w2s.search, or leave the bean unguided:"
            + " langchain4j.w2s.decorate.exclude="
            + cause.beanName(),
        cause);
  }
}

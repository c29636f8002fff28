// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what stopped an application that loads its guides while it starts, or calls them then. */
final class NotReadyFailureAnalyzer extends AbstractFailureAnalyzer<NotReadyException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, NotReadyException cause) {
    return new FailureAnalysis(
        cause.getMessage() + ".",
        "Correct the properties under " + cause.property() + ", or the model that they name.",
        cause);
  }
}

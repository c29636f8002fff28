// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.w2s.spring.loading.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Lazy;

/** Says that nothing is guided, since nothing is configured. */
@AutoConfiguration(after = WeakToStrongAutoConfiguration.class)
@ConditionalOnMissingBean(Loader.class)
@Lazy(false)
public class WeakToStrongIdleAutoConfiguration {
  private static final Logger LOG =
      LoggerFactory.getLogger(WeakToStrongIdleAutoConfiguration.class);

  /** Made by Spring. */
  WeakToStrongIdleAutoConfiguration() {
    LOG.info(
        "no model is guided: langchain4j.w2s.pairs and langchain4j.w2s.rewards are not set, or"
            + " langchain4j.w2s.enabled is false");
  }
}

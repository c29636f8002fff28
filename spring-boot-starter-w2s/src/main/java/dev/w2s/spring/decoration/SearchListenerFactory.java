// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.w2s.search.SearchListener;

/** Makes a listener for each guided bean. */
@FunctionalInterface
public interface SearchListenerFactory {

  /** A listener that is told of the searches of a bean. */
  SearchListener listenerFor(String beanName);
}

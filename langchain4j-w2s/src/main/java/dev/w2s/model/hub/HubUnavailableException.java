// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.InvalidModelException;

/** The hub does not say what a repository holds; what was downloaded before may do instead. */
final class HubUnavailableException extends InvalidModelException {
  private static final long serialVersionUID = 1L;

  HubUnavailableException(String message) {
    super(message);
  }

  HubUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.net.URI;

/**
 * A file of a hub.
 *
 * @param name path in the repository
 * @param address where it is asked for
 * @param etag names its content; a plain file name
 * @param size in bytes; negative where the hub does not say
 */
record RemoteFile(String name, URI address, String etag, long size) {}

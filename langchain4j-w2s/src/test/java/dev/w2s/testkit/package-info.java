// SPDX-License-Identifier: Apache-2.0
/**
 * For tests of one's own samplers, scorers and strategies: fakes of both ports, a small world of
 * texts, and the ports' contracts as tests to extend. Published as the artifact's test-jar.
 */
package dev.w2s.testkit;

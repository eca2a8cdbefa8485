/**
 * A photo shelf: an application that uses all of Background Jobs for Spring Boot.
 */
@NullMarked
package io.backgroundjobs.sample;

import org.jspecify.annotations.NullMarked;

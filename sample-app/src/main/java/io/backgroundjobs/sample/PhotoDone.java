package io.backgroundjobs.sample;

import java.time.Instant;

/**
 * What is told about a photo that is done: the argument of a durable job, and the body of
 * a notification.
 *
 * @param id the identifier of the photo
 * @param mediaType the kind of image
 * @param finishedAt when its thumbnails were there
 */
record PhotoDone(String id, String mediaType, Instant finishedAt) {
}

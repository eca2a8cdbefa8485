package io.backgroundjobs.sample;

import java.net.URI;

import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.web.client.RestClient;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.JobContext;

/**
 * Tells another system about photos.
 */
@Component
class PhotoNotifier {

	private final RestClient http;

	private final WebhookProperties webhook;

	PhotoNotifier(RestClient.Builder http, WebhookProperties webhook) {
		this.http = http.build();
		this.webhook = webhook;
	}

	boolean isConfigured() {
		return this.webhook.url() != null;
	}

	/**
	 * Have a notification posted. A call only writes a row, in the transaction of its
	 * caller; any instance of the application posts it after the commit, again and again
	 * until the receiver has taken it. It may come twice, under the same key, if a
	 * process is killed in between.
	 */
	@BackgroundJob(name = "notify-webhook", durable = true, pool = "webhooks", maxRetries = 10,
			retryDelay = "${photos.webhook.retry-delay}", retryMultiplier = 3, retryMaxDelay = "1h")
	void photoDone(PhotoDone photo) {
		URI url = this.webhook.url();
		Assert.state(url != null, "photos.webhook.url was set when the notification was stored, and is not any more");
		this.http.post()
			.uri(url)
			.contentType(MediaType.APPLICATION_JSON)
			.header("Idempotency-Key", JobContext.current().idempotencyKey())
			.body(photo)
			.retrieve()
			.toBodilessEntity();
	}

}

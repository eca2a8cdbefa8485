package io.backgroundjobs.test.example;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSpawner;

/**
 * A controller that hands work over.
 */
@RestController
class OrderController {

	private final JobSpawner jobs;

	private final Receipts receipts;

	OrderController(JobSpawner jobs, Receipts receipts) {
		this.jobs = jobs;
		this.receipts = receipts;
	}

	@PostMapping("/orders")
	ResponseEntity<String> place(@RequestBody String order) {
		Job<@Nullable Void> job = this.jobs.spawn("send-receipt", () -> this.receipts.send(order));
		this.jobs.spawn(JobOptions.named("ask-for-review").pool("mail").delay(Duration.ofDays(7)),
				() -> this.receipts.send("review of " + order));
		return ResponseEntity.accepted().body(job.state().name());
	}

}

package io.backgroundjobs.process.async;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.backgroundjobs.process.work.Form;

/**
 * Takes the same requests as the application under test. Each job works as long as there;
 * shields, delays and retries are unknown here. The two children of a parent are handed
 * over beside it.
 */
@RestController
class AsyncController {

	private final AsyncWork work;

	AsyncController(AsyncWork work) {
		this.work = work;
	}

	@PostMapping("/jobs")
	@ResponseStatus(HttpStatus.ACCEPTED)
	String run(@RequestParam Form form, @RequestParam long millis, @RequestParam(defaultValue = "1") int count)
			throws InterruptedException {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < ((form == Form.PARENT) ? 3 * count : count); i++) {
			String id = UUID.randomUUID().toString();
			this.work.run(id, form.jobName(), millis);
			ids.add(id);
		}
		return String.join("\n", ids);
	}

	@ExceptionHandler
	@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
	String rejected(TaskRejectedException ex) {
		return "rejected";
	}

}

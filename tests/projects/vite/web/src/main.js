const greeting = "built by the front end";

document.querySelector("main").textContent = greeting;
console.log(greeting);

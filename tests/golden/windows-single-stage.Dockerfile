# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on Windows, whose engine has no cache to mount; layers keep the modules.
FROM golang:${GO_VERSION}-nanoserver-ltsc2025
SHELL ["cmd", "/S", "/C"]
USER ContainerAdministrator
ENV GOTOOLCHAIN=local
ENV CGO_ENABLED=0
WORKDIR /src/app

# The sources, and what they become.
COPY . /src/
RUN go build -trimpath -ldflags="-s -w" -o /app/ping.exe .

EXPOSE 8080/tcp
USER ContainerUser
WORKDIR /
ENTRYPOINT ["C:\\app\\ping.exe"]

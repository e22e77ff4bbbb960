# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.26

# Compiles on Windows, whose engine has no cache to mount; layers keep the modules.
FROM golang:${GO_VERSION}-nanoserver-ltsc2025 AS build
SHELL ["cmd", "/S", "/C"]
USER ContainerAdministrator
ENV GOTOOLCHAIN=local
ENV CGO_ENABLED=0 GO111MODULE=off GOPATH=C:/go GOFLAGS=-gcflags=example.com/team/old/...=-lang=go1.16
WORKDIR /go/src/example.com/team/old

# The sources, and what they become.
COPY . /go/src/example.com/team/old/
RUN go build -trimpath -ldflags="-s -w" -o /out/ping.exe .

# The final stage: nothing above is in the image but what is copied.
FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
COPY --from=build /out/ping.exe /app/ping.exe
EXPOSE 8080/tcp
USER ContainerUser
ENTRYPOINT ["C:\\app\\ping.exe"]

; Addresses phoenix:// open the installed application.
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\phoenix" "" "URL:Phoenix Engine"
  WriteRegStr SHELL_CONTEXT "Software\Classes\phoenix" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\phoenix\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\phoenix"
!macroend
